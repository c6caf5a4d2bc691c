"""La page de référence des contrats, et les adresses du site avec elle.

Tous les intergiciels, une requête par clé primaire, une boucle de gabarit qui rend les octets demandés.
"""

from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.urls import path

from maillage import urls
from maillage.catalogue.models import Experience
from maillage.core.acces import publique

LIGNE = "x" * 79
_gabarit = Template("{% for ligne in lignes %}{{ ligne }}\n{% endfor %}")


@publique
def reference(request: HttpRequest, pk: int, octets: int) -> HttpResponse:
    Experience.objects.get(pk=pk)
    return HttpResponse(_gabarit.render(Context({"lignes": [LIGNE] * (octets // 80)})))


handler400, handler403, handler404, handler500 = (
    urls.handler400,
    urls.handler403,
    urls.handler404,
    urls.handler500,
)
urlpatterns = [path("reference/<int:pk>/<int:octets>/", reference), *urls.urlpatterns]
