"""Les adresses d'une installation de démonstration (`maillage.urls` lit le mode une seule fois)."""

from django.urls import include, path

from maillage import urls

handler400, handler403, handler404, handler500 = (
    urls.handler400,
    urls.handler403,
    urls.handler404,
    urls.handler500,
)
urlpatterns = [*urls.urlpatterns, path("demo/", include("maillage.demo.urls"))]
