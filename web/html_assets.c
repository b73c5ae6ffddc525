#include "web/html_assets.h"

enum page_kind {
	PAGE_HEAP,
	PAGE_PROFILE,
};

static const struct page_assets pages[] = {
	[PAGE_HEAP] = { asset_heap_css, asset_heap_css_hash, asset_heap_js, asset_heap_js_hash },
	[PAGE_PROFILE] = { asset_profile_css, asset_profile_css_hash, asset_profile_js, asset_profile_js_hash },
};

const struct page_assets *html_page_assets(const struct report *r)
{
	return &pages[r->subject ? PAGE_PROFILE : PAGE_HEAP];
}
