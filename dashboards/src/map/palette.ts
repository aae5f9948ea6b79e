/** Colours of the schematic in both themes: quiet, so that only what matters is bright. */

export type MapPalette = {
  readonly land: string;
  readonly island: string;
  readonly park: string;
  readonly water: string;
  readonly shore: string;
  readonly casing: string;
  readonly ring: string;
  readonly radial: string;
  readonly street: string;
  readonly metro: string;
  readonly text: string;
  readonly textQuiet: string;
  readonly waterText: string;
};

export const darkMap: MapPalette = {
  land: '#161b21',
  island: '#1b2320',
  park: '#18251f',
  water: '#163345',
  shore: '#21475d',
  casing: '#12161b',
  ring: '#52606d',
  radial: '#414d59',
  street: '#323c46',
  metro: '#6a5f86',
  text: '#c6d1da',
  textQuiet: '#8e9ba7',
  waterText: '#83b4cf',
};

export const lightMap: MapPalette = {
  land: '#e9ecea',
  island: '#e3ebdd',
  park: '#d8e7d3',
  water: '#aed4e8',
  shore: '#8fc0da',
  casing: '#bcc4c9',
  ring: '#ffffff',
  radial: '#ffffff',
  street: '#ffffff',
  metro: '#9d8cc4',
  text: '#2a343d',
  textQuiet: '#566370',
  waterText: '#1f5b7c',
};
