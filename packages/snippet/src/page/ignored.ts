/** Parts of a page that are never touched. */
export const IGNORED =
  'script,style,noscript,template,title,textarea,select,input,[contenteditable]:not([contenteditable=false]),[data-dialmark-ignore]';
