// Loaded before the other test files by .mocharc.wasm.json: everything in this process runs on the module.
process.env.TRAINLINT_BACKEND = 'wasm-simd';
