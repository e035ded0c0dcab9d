// Keeping offers, on every page: without scripts there is no button.
import { start } from "./merkliste/buttons.js";

start();
