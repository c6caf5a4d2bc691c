// L'onglet où l'on est se voit, même quand ils ne tiennent pas tous : on fait glisser la bande, jamais la page.
for (const bande of document.querySelectorAll(".onglets")) {
  const ici = bande.querySelector("[aria-current]");
  if (ici) bande.scrollLeft += ici.getBoundingClientRect().left - bande.getBoundingClientRect().left - (bande.clientWidth - ici.offsetWidth) / 2;
}
