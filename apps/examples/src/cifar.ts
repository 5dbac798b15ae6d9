console.log("coming");
