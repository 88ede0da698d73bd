/** The part of the WebAssembly interface that is used here; its usual declarations come with a browser's. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
    static imports(module: Module): { readonly module: string; readonly name: string }[];
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, (...values: number[]) => number>>);
    readonly exports: object;
  }
  class RuntimeError extends Error {}
}
