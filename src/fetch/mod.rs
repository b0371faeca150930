//! URL → bytes: HTTP and files, politeness, caching, limits, the address guard.
