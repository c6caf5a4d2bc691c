"""Les pages de la gouvernance : instances, mandats, réunions, décisions, participation."""
