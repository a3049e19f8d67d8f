/** What people say and nobody but them changes; the first page says of workers what it has to say among what needs its reader. */
const saidByPeople = [
  '/account',
  '/audit',
  '/clusters',
  '/environments',
  '/exceptions',
  '/grants',
  '/people',
  '/reservations',
  '/teams',
  '/tokens',
];

/** Whether what a page shows is kept up to date by a worker. */
export const dependsOnWorkers = (path: string): boolean =>
  path !== '/' && !saidByPeople.some((page) => path === page || path.startsWith(`${page}/`));
