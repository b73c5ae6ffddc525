/*
 * html_assets.h - files of web/assets/ as they are embedded in a page. embed.cmake writes the definitions.
 */
#ifndef WEB_HTML_ASSETS_H
#define WEB_HTML_ASSETS_H

/* The style sheet of all pages: the .css files in the order of CMakeLists.txt. */
extern const char asset_report_css[];

/* The script of all pages: the .js files in the order of CMakeLists.txt. */
extern const char asset_report_js[];

/* "sha256-..." of exactly these bytes, for the Content-Security-Policy. */
extern const char asset_report_css_hash[];
extern const char asset_report_js_hash[];

#endif
