"""L'API publique, appelée au hasard d'après sa description : jamais de 500, jamais hors description."""

import os

from outils.epreuves import Epreuve
from outils.installation import installation_de_demonstration

DESCRIPTION = "/api/v1/openapi.json"
EN_CLAIR = {"Accept-Encoding": "identity"}  # l'appel direct de l'application ne décompresse pas


def eprouver(courte: bool) -> Epreuve:
    exemples = 40 if courte else 1_000
    with installation_de_demonstration() as installation:
        installation.commande("charger_demo", "--ecrire")
        installation.commande("rechercher", "jardin")  # construit l'index
        installation.publier_statiques()
        os.environ.update(installation.environnement, DJANGO_SETTINGS_MODULE="maillage.settings")
        return _appeler(exemples)


def _appeler(exemples: int) -> Epreuve:
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, settings
    from schemathesis.core.result import Err

    from maillage.core.debit import Debit
    from maillage.wsgi import application

    Debit.prendre = lambda *_: 0  # type: ignore[method-assign] # la limite de débit arrêterait l'épreuve
    description = schemathesis.openapi.from_wsgi(DESCRIPTION, application)
    fautes: list[str] = []
    appels = operations = 0
    for trouvee in description.get_all_operations():
        if isinstance(trouvee, Err):
            fautes.append(f"description : {trouvee.err()}")
            continue
        operation = trouvee.ok()
        operations += 1

        @given(cas=operation.as_strategy())
        @settings(
            max_examples=exemples,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )
        def appeler(cas: schemathesis.Case) -> None:
            nonlocal appels
            appels += 1
            cas.call_and_validate(base_url="http://localhost", headers=EN_CLAIR)

        try:
            appeler()
        except (Exception, BaseExceptionGroup) as faute:  # noqa: BLE001 - toute réponse hors description est une faute à montrer
            fautes.append(f"{operation.label} : {str(faute)[:600]}")
    if not operations:
        fautes.append("la description n'a aucune opération")
    return Epreuve("F38 API au hasard", f"{operations} opérations, {appels} appels", fautes)
