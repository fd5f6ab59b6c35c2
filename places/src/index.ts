/** @flightiq/places: environments and export files, behind one interface. */
export { type ArtifactCache, type CacheKey, MemoryArtifactCache } from './artifact-cache.ts'
export { EnvironmentPlace, type EnvironmentPlaceOptions } from './environment-place.ts'
export { CreatedIncompleteError, NotFoundError, PlaceError } from './errors.ts'
export { ExportFilePlace } from './export-file-place.ts'
export { type PlaceSpec, parsePlaceSpec } from './place-spec.ts'
