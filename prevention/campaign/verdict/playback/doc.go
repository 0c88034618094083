// Package playback plays complaints and exposures of files again, as the service
// would have met them: each complaint is attributed when it comes, and at the end
// of each day every campaign is judged by package watch, the one that judges in
// the service.
package playback
