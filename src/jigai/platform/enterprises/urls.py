"""Pages of this app."""

from __future__ import annotations

from django.urls import path

from jigai.platform.enterprises.views import above_scale, facts, lines, lookups, pages, sites

app_name = "enterprises"
urlpatterns = [
    path("", pages.index, name="list"),
    path("new/", pages.new, name="new"),
    path("industry/", lookups.industry, name="industry"),
    path("products/", lookups.products, name="products"),
    path("find/", lookups.find, name="find"),
    path("<int:pk>/", pages.page, name="page"),
    path("<int:pk>/edit/", pages.edit, name="edit"),
    path("<int:pk>/archive/", pages.archive, name="archive"),
    path("<int:pk>/history/", pages.history, name="history"),
    path("<int:pk>/titles/new/", pages.title_new, name="title_new"),
    path("titles/<int:pk>/withdraw/", pages.title_withdraw, name="title_withdraw"),
    path("<int:pk>/sites/new/", sites.site_new, name="site_new"),
    path("sites/<int:pk>/", sites.site, name="site"),
    path("sites/<int:pk>/edit/", sites.site_edit, name="site_edit"),
    path("sites/<int:pk>/close/", sites.site_close, name="site_close"),
    path("sites/<int:pk>/lines/new/", sites.line_new, name="line_new"),
    path("lines/", lines.index, name="lines"),
    path("lines/<int:pk>/", lines.line, name="line"),
    path("lines/<int:pk>/edit/", sites.line_edit, name="line_edit"),
    path("lines/<int:pk>/retire/", sites.line_retire, name="line_retire"),
    path("above-scale/", above_scale.latest, name="above_scale_latest"),
    path("above-scale/<int:year>/", above_scale.index, name="above_scale"),
    path("above-scale/<int:year>/copy/", above_scale.copy, name="above_scale_copy"),
    path("above-scale/<int:year>/add/", above_scale.add, name="above_scale_add"),
    path("above-scale/<int:year>/freeze/", above_scale.freeze, name="above_scale_freeze"),
    path("above-scale/rows/<int:pk>/remove/", above_scale.remove, name="above_scale_remove"),
    path("above-scale/<int:first>/<int:second>/", above_scale.compare, name="above_scale_compare"),
    path("<int:pk>/facts/", facts.latest, name="facts_latest"),
    path("<int:pk>/facts/<int:year>/", facts.sheet, name="facts"),
    path("<int:pk>/facts/<int:year>/enter/<str:key>/", facts.enter, name="fact_enter"),
    path("<int:pk>/facts/<int:year>/history/<str:key>/", facts.history, name="fact_history"),
    path("<int:pk>/facts/<int:year>/steps/<slug:key>/", facts.step, name="sheet_step"),
    path("reporting/", facts.overview_latest, name="reporting_latest"),
    path("reporting/<int:year>/", facts.overview, name="reporting"),
    path("reporting/<int:year>/remind/", facts.remind, name="remind"),
]
