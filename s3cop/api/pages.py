"""How lists of the open interface are cut into pages."""

from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    page_size, max_page_size = 25, 100
    page_size_query_param = "per_page"
