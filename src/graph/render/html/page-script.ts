/** Shows in the picture which vertex is chosen, and which it needs or is needed by. The page does without. */
export const pageScript = `
const boxOf = (hash) => document.getElementById(hash.replace('#v', 'b'));
const show = () => {
  for (const box of document.querySelectorAll('.near,.chosen')) box.classList.remove('near', 'chosen');
  const section = document.getElementById(location.hash.slice(1));
  if (!section) return;
  for (const link of section.querySelectorAll('a')) boxOf(link.hash)?.classList.add('near');
  const box = boxOf(location.hash);
  box?.classList.add('chosen');
  box?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
};
addEventListener('hashchange', show);
show();
`;
