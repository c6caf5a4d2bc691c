#!/usr/bin/env python3
"""Point d'entrée de Django. Au quotidien, préférez `bin/maillage`, qui prépare l'environnement."""

import sys

if __name__ == "__main__":
    from maillage.core.commandes import principal

    principal(sys.argv)
