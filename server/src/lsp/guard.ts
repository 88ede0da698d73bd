import {
  type CancellationToken,
  type Connection,
  LSPErrorCodes,
  ResponseError,
} from 'vscode-languageserver/node';

export type Handler<P, R> = (params: P, token: CancellationToken) => Promise<R>;

/** Wraps request handlers so that neither a fault nor a request nobody waits for any more reaches the server. */
export function guardFor(connection: Connection) {
  return function guard<P, R>(
    name: string,
    empty: R,
    handle: (params: P, token: CancellationToken) => R | Promise<R>,
  ): Handler<P, R> {
    return async (params, token) => {
      if (token.isCancellationRequested) throw cancelled();
      try {
        return await handle(params, token);
      } catch (fault) {
        connection.console.error(`${name} failed: ${describe(fault)}`);
        return empty;
      }
    };
  };
}

export function describe(fault: unknown): string {
  return fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
}

function cancelled(): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
}
