import type { Connection, Diagnostic } from 'vscode-languageserver/node';

/** Changes that arrive within this many milliseconds of each other are answered once. */
const quiet = 20;

/** Pushes diagnostics to clients that cannot ask for them, once per burst of changes. */
export class Publisher {
  readonly #connection: Connection;
  readonly #make: (uri: string) => Promise<{ version: number; diagnostics: Diagnostic[] } | undefined>;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(
    connection: Connection,
    make: (uri: string) => Promise<{ version: number; diagnostics: Diagnostic[] } | undefined>,
  ) {
    this.#connection = connection;
    this.#make = make;
  }

  schedule(uri: string): void {
    clearTimeout(this.#timers.get(uri));
    this.#timers.set(
      uri,
      setTimeout(() => {
        this.#timers.delete(uri);
        void this.#publish(uri);
      }, quiet),
    );
  }

  clear(uri: string): void {
    clearTimeout(this.#timers.get(uri));
    this.#timers.delete(uri);
    void this.#connection.sendDiagnostics({ uri, diagnostics: [] });
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  async #publish(uri: string): Promise<void> {
    try {
      const made = await this.#make(uri);
      if (made) await this.#connection.sendDiagnostics({ uri, ...made });
    } catch (fault) {
      this.#connection.console.error(`publishing diagnostics failed: ${String(fault)}`);
    }
  }
}
