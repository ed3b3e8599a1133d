"""The description of the API (OpenAPI 3.1), made from the routes: `make openapi` writes it, `/schema` serves it.

- `document`   the whole: paths from Litestar, shapes from msgspec
- `operations` what every operation has: security, refusals, headers, examples
- `examples`   a value for every shape
- `typed`      the type of every shape
- `postman`    the same as a collection
- `pages`      for people: the list of operations, and a page for each code of a problem
"""
