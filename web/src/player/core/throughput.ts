/** One finished or running download. */
interface Transfer {
  bytes: number;
  /** from the first byte to the last */ ms: number;
}

/** Downloads that count: older ones tell of another connection. */
const window = 8;
/** A playlist or a second of sound says nothing about a connection. */
const smallest = 30_000;
/** What took less was in the cache, or came so fast that its time cannot be measured. */
const shortestMs = 10;

/**
 * The throughput of a connection, from the first byte of each download to its last: the wait before the first byte is the encoder's
 * or the disk's, and hls.js counts part of it.
 */
export class Throughput {
  private readonly done: Transfer[] = [];

  note(transfer: Transfer): void {
    if (transfer.bytes < smallest) return;
    this.done.push(transfer);
    if (this.done.length > window) this.done.shift();
  }

  /** Bits per second, or undefined when nothing was measured. A `running` download that has become slower than those before it counts too. */
  value(running?: Transfer): number | undefined {
    const finished = this.done.length > 0 ? rate(this.done) : undefined;
    if (!running || running.ms < 2000) return finished;
    return Math.min(finished ?? Number.POSITIVE_INFINITY, rate([running]));
  }
}

function rate(transfers: Transfer[]): number {
  const bytes = transfers.reduce((sum, one) => sum + one.bytes, 0);
  const ms = transfers.reduce((sum, one) => sum + Math.max(shortestMs, one.ms), 0);
  return (bytes * 8000) / ms;
}
