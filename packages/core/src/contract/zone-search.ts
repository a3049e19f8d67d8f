/** In a zone of more record sets than this a search finds names by how they begin: looking into each would take too long for a page. */
export const mostSearchedThrough = 20_000;
