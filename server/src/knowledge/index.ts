/** Typed, pure access to the tables of schemas/knowledge. */
export * from './all-tables.ts';
export * from './architectures.ts';
export * from './benchmarks.ts';
export * from './choosing.ts';
export * from './domains.ts';
export * from './glossary.ts';
export * from './ids.ts';
export * from './inference.ts';
export * from './limits.ts';
export * from './numbers.ts';
export * from './optimizers.ts';
export * from './proxy-references.ts';
export * from './scaling.ts';
export * from './situations.ts';
export * from './symptoms.ts';
export * from './traits-and-goals.ts';
