const EARTH_KM = 6371;
const RADIANS = Math.PI / 180;

/** The distance between two places given in degrees (haversine formula). */
export function greatCircleKm(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const across = Math.sin(((lat2 - lat1) * RADIANS) / 2) ** 2;
  const along = Math.sin(((lon2 - lon1) * RADIANS) / 2) ** 2;
  const h = across + Math.cos(lat1 * RADIANS) * Math.cos(lat2 * RADIANS) * along;
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(h)));
}
