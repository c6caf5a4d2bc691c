# NON ESSAYÉ. Fourni comme point de départ ; l'installation suivie et vérifiée est celle de docs/exploitation.md.
FROM debian:12-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3 python3-venv postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /srv/maillage maillage \
    && install -d -o maillage -g maillage -m 700 /var/lib/maillage
USER maillage
WORKDIR /srv/maillage/logiciel
COPY --chown=maillage:maillage . .
# Construit l'environnement et les fichiers du navigateur dans l'image, avec un dossier de données jetable.
RUN MAILLAGE_DONNEES=/tmp/construction bin/maillage collectstatic --noinput --verbosity 0 \
    && rm -rf /tmp/construction
ENV MAILLAGE_DONNEES=/var/lib/maillage MAILLAGE_ECOUTE=0.0.0.0:8000
VOLUME /var/lib/maillage
EXPOSE 8000
CMD ["sh", "-c", "bin/maillage collectstatic --noinput --verbosity 0 && bin/maillage migrate && exec .venv/bin/python -m gunicorn -c outils/gunicorn.conf.py"]
