/** Typed, pure access to the tables of schemas/knowledge. */
export * from './architectures.ts';
export * from './domains.ts';
export * from './ids.ts';
export * from './optimizers.ts';
