/** What Temporal's client throws, in words that say what to do. */
import type { Client } from '@temporalio/client';
import { down, RollcallError } from './errors.js';

/** gRPC's own numbers; the library that names them is loaded only where Temporal is asked. */
const CANCELLED = 1;
const DEADLINE_EXCEEDED = 4;
const NOT_FOUND = 5;
const PERMISSION_DENIED = 7;
const UNAVAILABLE = 14;
const UNAUTHENTICATED = 16;

export interface TemporalAt {
  readonly address: string;
  readonly namespace: string;
}

/** The answers of a Temporal that works; verbs deal with them by name. */
const ANSWERS = /^(Workflow|Schedule)\w*(NotFound|AlreadyStarted|AlreadyRunning|Failed)\w*$/;

export const temporalDown = (address: string): RollcallError =>
  down(
    'TEMPORAL_DOWN',
    `Temporal at ${address} does not answer. Start it with \`npx rollcall up\`, or set TEMPORAL_ADDRESS to the one that runs.`,
  );

/** Errors that are none of gRPC's, and answers such as "no such workflow", come back as they are. */
export function temporalError(error: unknown, { address, namespace }: TemporalAt): unknown {
  if (error instanceof RollcallError || !(error instanceof Error)) return error;
  if (ANSWERS.test(error.name)) return error;
  const status = grpcStatus(error);
  if (isNamespaceMissing(error, status)) {
    return down(
      'TEMPORAL_NAMESPACE',
      `Temporal at ${address} has no namespace "${namespace}": set TEMPORAL_NAMESPACE.`,
    );
  }
  switch (status) {
    case null:
      return error;
    case UNAVAILABLE:
    case DEADLINE_EXCEEDED:
    case CANCELLED:
      return temporalDown(address);
    case PERMISSION_DENIED:
    case UNAUTHENTICATED:
      return down(
        'TEMPORAL_REFUSED',
        `Temporal at ${address} refused us: look at TEMPORAL_API_KEY, the TLS settings and TEMPORAL_NAMESPACE (${namespace}).`,
      );
    default:
      return down(
        'TEMPORAL_ERROR',
        `Temporal at ${address} could not do it (gRPC status ${status}): try again, or look into its log.`,
      );
  }
}

/** However deeply the client wrapped it; null if it is no error of gRPC. */
function grpcStatus(error: Error): number | null {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code } = at as { readonly code?: unknown };
    if (typeof code === 'number') return code;
  }
  return null;
}

/** The client's verbs name it; a call below them has only the status and the server's words. */
const isNamespaceMissing = (error: Error, status: number | null): boolean =>
  error.name === 'NamespaceNotFoundError' ||
  (status === NOT_FOUND && /\bnamespace\b/i.test(error.message));

/** The type of a client's connection leaves open what kind it is; ours always knows its address. */
export function addressOf(client: Client): TemporalAt {
  const { options } = client.connection as { readonly options?: { readonly address?: string } };
  return { address: options?.address ?? 'its address', namespace: client.options.namespace };
}
