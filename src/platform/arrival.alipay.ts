/** Mini-programs have no address bar and no way back from other sites (arrival.ts). */
export {}
