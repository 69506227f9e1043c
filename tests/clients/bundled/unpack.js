// Prints where the Chromium of the package is, unpacked together with the libraries that it needs.
process.env.AWS_EXECUTION_ENV ??= "AWS_Lambda_nodejs22.x"; // else it takes the system to have them
const { default: chromium } = await import("@sparticuz/chromium");
const program = await chromium.executablePath();
console.log(JSON.stringify({ program, libraries: process.env.LD_LIBRARY_PATH }));
