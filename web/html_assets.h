/*
 * html_assets.h - files of web/assets/ as they are embedded in a page. CMakeLists.txt says which files are in which page;
 * embed.cmake writes the definitions.
 */
#ifndef WEB_HTML_ASSETS_H
#define WEB_HTML_ASSETS_H

#include "analyzer/report.h"

extern const char asset_heap_css[], asset_heap_css_hash[];
extern const char asset_heap_js[], asset_heap_js_hash[];
extern const char asset_profile_css[], asset_profile_css_hash[];
extern const char asset_profile_js[], asset_profile_js_hash[];

/* Style sheet and script of one kind of page, each with "sha256-..." of exactly these bytes for the policy. */
struct page_assets {
	const char *css, *css_hash;
	const char *js, *js_hash;
};

/* What the page of this report consists of. */
const struct page_assets *html_page_assets(const struct report *r);

#endif
