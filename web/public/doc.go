// Package public is what customers see: a form for a complaint, its state by
// code, the rating of how it was handled. The pages are plain, made for small
// screens, need no script and no sign-in, and load nothing from elsewhere.
//
// Whatever is sent twice (a double click, a page that is loaded again) is stored
// once and answered alike: the ids follow from what was sent and from a token
// that every form carries. What cannot be stored is shown again in its form,
// so that nobody has to write it anew.
package public
