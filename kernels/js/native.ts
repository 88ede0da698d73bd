import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** The addon, loaded once. Throws with the reason if it was not built for this machine. */
export function loadAddon<Addon>(): Addon {
  const require = createRequire(import.meta.url);
  // js/ and dist/ are neighbours, so one relative path serves the sources and the bundles.
  const file = fileURLToPath(
    new URL(`../prebuilds/${process.platform}-${process.arch}/trainlint.node`, import.meta.url),
  );
  try {
    return require(file) as Addon;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The native kernels could not be loaded from ${file}: ${reason}. Build them with "npm run build".`,
    );
  }
}
