/** Style sheets are bundled beside the page; importing one yields nothing. */
declare module '*.css';
