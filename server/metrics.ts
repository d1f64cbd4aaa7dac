import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** Values that are read at each scrape. */
export interface Gauges {
  /** Open lessons. */
  readonly rooms: () => number;
  /** Open websockets. */
  readonly connections: () => number;
  /** Tasks that wait for a thread. */
  readonly queue: () => number;
}

/**
 * Metrics for Prometheus. Labels are words of this program, never a client's text or a lesson's id: each
 * value is a series that is kept until the process ends.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly requests = this.#counter("requests_total", "Requests to rooms", ["request", "outcome"]);
  readonly responses = this.#counter("http_responses_total", "HTTP responses", ["route", "status"]);
  readonly refusals = this.#counter("refusals_total", "Refusals, at the door or in a room", [
    "code",
  ]);
  readonly events = this.#counter("events_written_total", "Events written", ["type"]);
  readonly acknowledgements = this.#histogram(
    "acknowledgement_seconds",
    "From a request's arrival in its room to its answer",
    ["request"],
    [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5, 30, 180],
  );
  readonly mainThread = this.#histogram(
    "main_thread_seconds",
    "What a message cost the main thread until it had to wait for something",
    ["request"],
    [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 1],
  );
  readonly work = this.#histogram(
    "work_seconds",
    "Training, inference and races",
    ["kind", "outcome"],
    [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 180],
  );

  constructor(gauges: Gauges) {
    this.#gauge("open_rooms", "Lessons that are open", gauges.rooms);
    this.#gauge("open_connections", "Websockets that are open", gauges.connections);
    this.#gauge("work_queue", "Work that waits for a thread", gauges.queue);
  }

  /** Adds the metrics of the process: event loop, memory, processor. */
  watchProcess(): void {
    collectDefaultMetrics({ register: this.#registry });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #counter<Label extends string>(name: string, help: string, labelNames: Label[]) {
    return new Counter({ name: `dojo_${name}`, help, labelNames, registers: [this.#registry] });
  }

  #histogram<Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    buckets: number[],
  ) {
    const registers = [this.#registry];
    return new Histogram({ name: `dojo_${name}`, help, labelNames, buckets, registers });
  }

  #gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name: `dojo_${name}`,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }
}
