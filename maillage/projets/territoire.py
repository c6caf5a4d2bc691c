"""Les quartiers prioritaires officiels que l'on peut ajouter à un projet."""

from maillage.projets.models import ProjetSocial
from maillage.territoire.models import Quartier


def quartiers_a_proposer(projet: ProjetSocial) -> list[Quartier]:
    """Ceux de ses communes, au dernier millésime connu, qu'il n'a pas encore. Deux millésimes ne se mêlent pas."""
    dans = Quartier.objects.filter(communes__in=projet.communes.all())
    dernier = dans.order_by("-millesime").values_list("millesime", flat=True).first()
    if dernier is None:
        return []
    choisis = projet.zones.exclude(quartier=None).values("quartier")
    return list(dans.filter(millesime=dernier).exclude(pk__in=choisis).distinct().order_by("nom", "pk"))
