import { main } from './main.ts';

// A reader that closes early (`| head`) is no error.
process.stdout.on('error', (fault: NodeJS.ErrnoException) => {
  if (fault.code === 'EPIPE') process.exit(0);
  throw fault;
});

process.exitCode = await main(process.argv.slice(2), process.env);
