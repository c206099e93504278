"""A whole study: settings, cohort, fitting, validation, the model file."""
