"""Prénoms courants en France, sauf ceux qui sont aussi un pays ou une ville (« France », « Florence »)."""

PRENOMS = frozenset(
    """
    Abdel Abdelkader Abdou Adam Adama Adèle Adeline Adrien Adrienne Agathe Agnès Ahmed Aïcha Aïssata
    Alain Alassane Albert Alejandro Alexandra Alexandre Alexandrine Alexia Alexis Alfred Ali Alice Alicia
    Aline Aliou Alix Alphonse Amadou Amandine Amélie Amina Aminata Amine Amir Anaïs Anatole André Andrée
    Angèle Angélique Anissa Anita Anna Annabelle Anne Annick Annie Anouk Anthony Antoine Antoinette
    Antonio Ariane Arlette Armand Armelle Arnaud Arthur Assia Astrid Aude Audrey Auguste Augustin Aurélie
    Aurélien Aymeric Aziz Aziza Baptiste Barbara Bastien Béatrice Benjamin Benoît Bernadette Bernard
    Berthe Bertrand Bilal Bintou Boris Brahim Brice Brigitte Bruno Camille Carine Carla Carlos Carole
    Caroline Cassandra Catherine Cécile Cédric Céline Chantal Charlène Charles Charline Charlotte Chloé
    Chrystelle Christelle Christian Christiane Christine Christophe Cindy Claude Claudette Claudie
    Claudine Clémence Clémentine Clotilde Colette Corentin Corinne Cyril Cyrille Dalila Damien Daniel
    Danièle Danielle Dany David Deborah Delphine Denis Denise Diane Didier Dimitri Djamel Djamila
    Dominique Dorian Dorothée Dylan Edgar Édith Edmond Édouard Edwige Élaine Éléonore Éliane Élie Éliette
    Élisa Élisabeth Élise Élodie Éloïse Elsa Émeline Émile Émilie Emma Emmanuel Emmanuelle Enzo Éric
    Erika Ernest Esther Étienne Eugène Eugénie Eva Évelyne Fabien Fabienne Fabrice Fabrizio Farid Farida
    Fatiha Fatima Fatma Fatou Fatoumata Faustine Félicie Félix Ferdinand Fernand Fernande Fernando Flavie
    Florent Florian Floriane Francine Francis Francisco Franck François Françoise Frédéric Frédérique
    Gabriel Gabrielle Gaëlle Gaétan Gaston Geneviève Geoffrey Georges Georgette Gérald Géraldine Gérard
    Germaine Ghislaine Gilbert Gilberte Gilles Ginette Gisèle Grégoire Grégory Guillaume Guy Gwenaëlle
    Habib Hakim Hamid Hamza Hanane Hélène Henri Henriette Hervé Hicham Hippolyte Hubert Hugo Hugues
    Huguette Ibrahim Ibrahima Idriss Inès Irène Isabelle Ismaël Issa Ivan Jacqueline Jacques Jade Jamila
    Janine Jean Jeanne Jeannine Jennifer Jérémie Jérémy Jérôme Jessica Joachim Joël Joëlle Johan Johanna
    John Jonathan Jordan José Joseph Josette Josiane Joséphine Jules Julia Julie Julien Juliette Justin
    Justine Kader Karim Karima Karine Karl Katia Kevin Khadija Khaled Laetitia Laëtitia Laura Laure
    Laurence Laurent Laurène Laurie Léa Léna Léo Léon Léonie Leïla Leila Liliane Lilian Lina Linda Lionel
    Lisa Loïc Lorenzo Lou Louis Louise Luc Lucas Lucette Lucie Lucien Lucienne Ludivine Ludovic Lydia
    Lydie Lylia Madeleine Maëlle Maëva Magali Magalie Malika Mamadou Manon Manuel Manuela Marc Marcel
    Marceline Marcelle Margaux Margot Marguerite Maria Mariam Mariama Marianne Marie Mariette Marilyne
    Marion Marius Marlène Marta Marthe Martine Maryline Maryse Maryvonne Mathias Mathieu Mathilde
    Matthieu Maud Maurice Maxence Maxime Mehdi Mélanie Mélissa Michaël Michel Michèle Michelle Mickaël
    Miguel Mireille Mohamed Mohammed Mohand Monique Morgane Mouloud Mounir Moussa Mustapha Myriam Nabil
    Nadège Nadia Nadine Naïma Nassim Nathalie Nathan Nawal Nelly Nicolas Nicole Noé Noël Noëlle Noémie
    Nora Nordine Nour Odette Odile Olga Olivia Olivier Omar Oriane Oscar Oumar Ousmane Pascal Pascale
    Patrice Patricia Patrick Paul Paula Paule Paulette Pauline Pedro Perrine Philippe Pierre Pierrette
    Quentin Rachel Rachid Rachida Raphaël Raphaëlle Raymond Raymonde Rebecca Régine Régis Rémi Rémy
    Renaud René Renée Ricardo Richard Robert Roberte Roland Rolande Romain Romane Roméo Ronan Rosalie
    Roselyne Roxane Sabine Sabrina Said Saïd Saïda Salah Salim Salima Salomé Samia Samir Samira Samuel
    Sandra Sandrine Sarah Saliha Sébastien Ségolène Serge Séverine Sidonie Simon Simone Sofia Sofiane
    Solange Solène Sonia Sophie Souad Stanislas Stella Stéphane Stéphanie Suzanne Sylvain Sylviane Sylvie
    Tanguy Tatiana Teddy Thérèse Théo Théodore Thibault Thibaut Thierry Thomas Tiphaine Tony Ugo Ursula
    Valentin Valentine Valérie Vanessa Véronique Vincent Virginie Viviane Walid Wassim Wilfried William
    Xavier Yacine Yann Yannick Yasmina Yasmine Yoann Yohan Yolande Youcef Youssef Yves Yvette Yvonne
    Zakaria Zineb Zoé Zohra
    """.split()
)
