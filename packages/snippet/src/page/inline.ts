/** Elements that a number may be split over, or stand in: everything that does not end a line or a cell. */
export const INLINE =
  'a,abbr,b,bdi,bdo,cite,code,del,em,font,i,ins,mark,q,s,small,span,strong,sub,sup,time,tspan,u,wbr';

/** Returns true if two texts are adjacent: nothing but inline elements and comments opens, closes or stands between. */
export function sideBySide(a: Text, b: Text): boolean {
  const between = document.createRange();
  between.setStart(a, 0);
  between.setEnd(b, 0);
  return !between.cloneContents().querySelector(`:not(${INLINE})`);
}
