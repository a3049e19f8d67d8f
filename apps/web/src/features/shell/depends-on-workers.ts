/** Where workers look, issue, read and apply. */
const kept = ['/endpoints', '/certificates', '/campaigns', '/zones', '/requests', '/issuers', '/authority'];

/** Whether what a page shows is kept up to date by a worker. */
export const dependsOnWorkers = (path: string): boolean => kept.some((page) => path === page || path.startsWith(`${page}/`));
