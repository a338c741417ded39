import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { NativeConnectionOptions } from '@temporalio/worker';
import { ConfigError } from './errors.js';

export interface TemporalTarget {
  /** `host:port`. */
  readonly address: string;
  readonly namespace: string;
  /** For `Connection.connect` and `NativeConnection.connect` alike; holds the address too. */
  readonly connectOptions: Pick<NativeConnectionOptions, 'tls' | 'apiKey' | 'metadata'> & {
    readonly address: string;
  };
}

/**
 * True if the environment names a Temporal of its own. A profile in the user's home alone does
 * not count: it may point at a production cluster, which `npm start` must never touch.
 */
export function temporalIsExternal(env: NodeJS.ProcessEnv): boolean {
  return ['TEMPORAL_ADDRESS', 'TEMPORAL_PROFILE', 'TEMPORAL_CONFIG_FILE'].some((name) =>
    env[name]?.trim(),
  );
}

/**
 * Where Temporal is: Temporal's own environment variables and files (address, namespace, API
 * key, TLS), else the running stack. Throws ConfigError if neither names one.
 */
export async function temporalConnection(
  env: NodeJS.ProcessEnv,
  settings: { readonly temporalAddress: string | null; readonly temporalNamespace?: string | null },
): Promise<TemporalTarget> {
  const { temporalAddress } = settings;
  if (!temporalIsExternal(env)) {
    if (temporalAddress === null)
      throw new ConfigError(
        'Rollcall is not running here',
        ['start it with `npx rollcall up`, or set TEMPORAL_ADDRESS.'],
        true,
      );
    return {
      address: temporalAddress,
      namespace: settings.temporalNamespace ?? 'default',
      connectOptions: { address: temporalAddress },
    };
  }
  const { connectionOptions, namespace } = fromEnvironment(env);
  const address = connectionOptions.address ?? 'localhost:7233';
  const { tls, apiKey, metadata } = connectionOptions;
  return {
    address,
    namespace: namespace ?? 'default',
    connectOptions: {
      address,
      ...(tls === undefined || tls === null ? {} : { tls }),
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(metadata === undefined ? {} : { metadata }),
    },
  };
}

function fromEnvironment(env: NodeJS.ProcessEnv): ReturnType<typeof loadClientConnectConfig> {
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) if (value?.trim()) variables[name] = value;
  try {
    return loadClientConnectConfig({ overrideEnvVars: variables });
  } catch {
    // The library's message can quote the file, which may hold an API key.
    throw new ConfigError("Temporal's settings cannot be read", [
      'check TEMPORAL_ADDRESS, TEMPORAL_PROFILE, TEMPORAL_CONFIG_FILE and the TEMPORAL_TLS_… variables.',
    ]);
  }
}
