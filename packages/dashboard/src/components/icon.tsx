/** Line drawings on a grid of 24, of the current text colour. */
const PATHS = {
  overview: 'M4 19V5m0 14h16M8 15v-4m4 4V8m4 7v-6',
  calls: 'M6 4h4l1.5 4-2 1.5a11 11 0 0 0 5 5l1.5-2 4 1.5v4c-8 2-16-6-14-14z',
  reports: 'M4 6h16M4 12h11M4 18h6',
  numbers: 'M5 4v16M5 4h14v16H5M9 8h2m2 0h2m-6 4h2m2 0h2m-6 4h2m2 0h2',
  install: 'M8 8l-4 4 4 4m8-8l4 4-4 4M13.5 5l-3 14',
  settings: 'M4 7h10m4 0h2M4 17h2m4 0h10M16 5v4M8 15v4',
  moon: 'M19 14A8 8 0 0 1 10 5a7.5 7.5 0 1 0 9 9z',
  out: 'M14 4h5v16h-5M4 12h10m-4-4l4 4-4 4',
  check: 'M5 12l5 5 9-10',
  down: 'M6 9l6 6 6-6',
  close: 'M6 6l12 12M18 6L6 18',
  visit: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18',
  tap: 'M9 11V5a1.8 1.8 0 0 1 3.6 0v5l4.9 1a2.4 2.4 0 0 1 1.9 2.8l-.7 3.7a4 4 0 0 1-4 3.5h-2.9a4 4 0 0 1-3-1.4L5 15.5a1.6 1.6 0 0 1 2.3-2.2L9 14.6z',
  page: 'M6 3h8l4 4v14H6zM14 3v4h4',
  download: 'M12 4v11m-4-4l4 4 4-4M5 20h14',
} as const;

export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
