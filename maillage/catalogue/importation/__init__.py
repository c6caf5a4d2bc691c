"""Lire une page du catalogue national, en tirer des fiches, les rapprocher de celles qu'on a déjà.

`lexique` dit le format, `lecture` lit, `moyens` et `vigilance` repèrent dans le texte libre sans y toucher,
`fusion` décide ce qu'un bloc devient. Rien ici n'écrit : `operations/importation.py` le fait.
"""
