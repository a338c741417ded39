import type { CommandSpec } from '../command.js';
import { untilStopped } from './until-stopped.js';

export const portal: CommandSpec = {
  name: 'portal',
  summary: 'run the portal',
  about:
    'Listens on PORTAL_HOST and PORTAL_PORT; PORTAL_URL is what districts see. Put a TLS proxy in front.',
  examples: ['portal'],
  async run({ io, env, cwd }) {
    const { readSettingsAndVendor } = await import('../../../config/everything.js');
    const { settings, vendor } = await readSettingsAndVendor(env, cwd);
    await untilStopped(async (stopping) => {
      const { startPortal } = await import('../../portal/serve.js');
      const running = await startPortal({ settings, vendor, env });
      if (!stopping()) {
        io.answer({ portal: running.url, publicUrl: settings.portal.publicUrl });
        io.say(`The portal listens at ${running.url}; Ctrl-C stops it.`);
      }
      return running;
    });
  },
};
