/** Of what was saved as it was. */
export const nothingChanged = 'Nothing was changed: it is saved as it was.';
