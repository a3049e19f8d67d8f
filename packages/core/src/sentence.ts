/** A remark, perhaps of somebody else's, with its full stop. */
export const asSentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
