import type { ServerOptions } from '@grpc/grpc-js';
import { DEFAULT_TOKEN_BYTES, sizesFor } from '../../shared/token-sizes.js';

/**
 * Bounds on what a peer of the gRPC listener can make it hold. Times in milliseconds, sizes in bytes. Metadata is bounded
 * by Node: 64 KiB and 128 entries, else ENHANCE_YOUR_CALM.
 */
export interface GrpcLimits {
  /** Longest message where a service says nothing else, also after it was unpacked: as long as the longest body of the HTTP listener. */
  readonly messageBytes: number;
  /** What the unfinished messages of all calls may occupy together. */
  readonly unfinishedBytes: number;
  /** Calls at a time on one connection. */
  readonly streams: number;
  readonly connections: number;
  /** What one connection may occupy. */
  readonly connectionBytes: number;
  /** A connection without a call stays open: longer than load balancers in between usually wait. */
  readonly idleMs: number;
  /** A client that has been connected for this long must connect again, and may reach another replica. */
  readonly ageMs: number;
  /** Calls of an old connection may take this long to finish. */
  readonly ageGraceMs: number;
  /** A peer that says nothing is asked this often whether it is still there. */
  readonly pingMs: number;
  /** … and has this long to answer. */
  readonly pingAnswerMs: number;
}

/** Generous for any caller that means well. */
export const defaultGrpcLimits: GrpcLimits = {
  messageBytes: sizesFor(DEFAULT_TOKEN_BYTES).bodyBytes,
  unfinishedBytes: 64 * 1024 * 1024,
  streams: 100,
  connections: 10_000,
  connectionBytes: 10_000_000,
  idleMs: 300_000,
  ageMs: 1_800_000,
  ageGraceMs: 60_000,
  pingMs: 30_000,
  pingAnswerMs: 20_000,
};

/** The same, in the words of the library. */
export function serverOptions(limits: GrpcLimits): ServerOptions {
  return {
    'grpc.max_receive_message_length': limits.messageBytes,
    'grpc.max_concurrent_streams': limits.streams,
    // In megabytes. Without it there would be no bound at all.
    'grpc-node.max_session_memory': limits.connectionBytes / 1_000_000,
    'grpc.max_connection_idle_ms': limits.idleMs,
    'grpc.max_connection_age_ms': limits.ageMs,
    'grpc.max_connection_age_grace_ms': limits.ageGraceMs,
    'grpc.keepalive_time_ms': limits.pingMs,
    'grpc.keepalive_timeout_ms': limits.pingAnswerMs,
    // The library would keep records of every connection and call, which we do not read.
    'grpc.enable_channelz': 0,
  };
}
