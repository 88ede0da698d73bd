declare const TRAINLINT_VERSION: string;

/** Set by the bundler from package.json; sources run directly have none. */
export const version = typeof TRAINLINT_VERSION === 'string' ? TRAINLINT_VERSION : '0.0.0-source';
