// Les touches de la modération. Une page les annonce par <details data-raccourcis hidden> : on le montre, il les explique.
// [data-touche="a"] : le lien, le bouton ou le volet de cette touche. [data-parcours] : une liste que J et K parcourent.
const aide = document.querySelector("[data-raccourcis]");
const GARDE = "maillage-touches";

if (aide) {
  const choix = aide.querySelector("[data-touches]");
  // Une touche seule doit pouvoir être coupée : la dictée vocale en prononce sans le vouloir (WCAG 2.1.4).
  const lire = () => { try { return localStorage.getItem(GARDE); } catch { return null; } };
  const garder = (valeur) => { try { localStorage.setItem(GARDE, valeur); } catch { /* navigation privée */ } };
  aide.hidden = false;
  choix.checked = lire() !== "non";
  choix.addEventListener("change", () => garder(choix.checked ? "oui" : "non"));

  const ecrit = (cible) => cible.matches("textarea, select, input:not([type=checkbox], [type=radio])");
  const liens = () => [...document.querySelectorAll("[data-parcours] a")];
  const parcourir = (pas) => {
    const tous = liens();
    const ici = tous.indexOf(document.activeElement);
    tous[ici < 0 ? (pas > 0 ? 0 : tous.length - 1) : Math.min(Math.max(ici + pas, 0), tous.length - 1)]?.focus();
  };
  const ouvrir = (volet) => {
    volet.open = true;
    (volet.querySelector("input:not([type=hidden]), textarea") ?? volet.firstElementChild).focus();
  };
  const fermer = () => {
    const volet = document.querySelector("details.acte[open]");
    if (!volet) return false;
    volet.open = false;
    volet.querySelector("summary").focus();
    return true;
  };

  addEventListener("keydown", (e) => {
    if (e.key === "Escape" && fermer()) return;
    if (e.key === "Enter" && e.ctrlKey) return e.target.closest("details.acte form")?.requestSubmit();
    if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented || e.repeat || !choix.checked || ecrit(e.target)) return;
    const touche = e.key.toLowerCase();
    if (touche === "?") {
      aide.open = !aide.open;
      aide.querySelector("summary").focus();
    } else if (liens().length && (touche === "j" || touche === "k")) parcourir(touche === "j" ? 1 : -1);
    else if (liens().includes(document.activeElement) && (e.key === "ArrowDown" || e.key === "ArrowUp")) parcourir(e.key === "ArrowDown" ? 1 : -1);
    else {
      const cible = /^[a-z]$/.test(touche) && document.querySelector(`[data-touche="${touche}"]`);
      if (!cible) return;
      if (cible.matches("summary")) ouvrir(cible.parentElement);
      else cible.click();
    }
    e.preventDefault();
  });
}

// « Accepter 3 changements sur 4 » : le bouton dit ce que les cases disent.
const bouton = document.querySelector("[data-compte]");
if (bouton) {
  const cases = [...document.querySelectorAll(`[form="${bouton.dataset.compte}"][name=champs]`)];
  const compter = () => {
    const pris = cases.filter((une) => une.checked).length;
    bouton.textContent = cases.length < 2 ? "" : ` ${pris} ${bouton.dataset.mot}${pris > 1 ? "s" : ""} sur ${cases.length}`;
  };
  for (const une of cases) une.addEventListener("change", compter);
  compter();
}
