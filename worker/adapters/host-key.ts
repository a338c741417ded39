/** Host keys are pinned by their fingerprint, as OpenSSH prints it. */
import { createHash } from 'node:crypto';

/**
 * The fingerprint of a public key in wire form (what ssh2's `hostVerifier` is given):
 * `SHA256:` and base64 without padding, as `ssh-keygen -l` shows it.
 */
export function fingerprint(publicKey: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(publicKey).digest('base64').replace(/=+$/, '')}`;
}

/** Whether a key is the pinned one; a pasted pin may have spaces around it or base64's padding. */
export function isPinned(publicKey: Uint8Array, pin: string): boolean {
  return fingerprint(publicKey) === pin.trim().replace(/=+$/, '');
}
